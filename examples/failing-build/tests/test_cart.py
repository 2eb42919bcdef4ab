import unittest

from shop.cart import Cart, Item


class CartTest(unittest.TestCase):
    def setUp(self):
        self.cart = Cart()

    def test_empty_cart_costs_nothing(self):
        self.assertEqual(self.cart.total_cents(), 0)

    def test_prices_add_up(self):
        self.cart.add(Item("tea", 450))
        self.cart.add(Item("cup", 1200, pieces=2))
        self.assertEqual(self.cart.total_cents(), 2850)

    def test_discount_holds_for_every_piece(self):
        self.cart.add(Item("cup", 1200, pieces=3, discount_percent=10))
        self.assertEqual(self.cart.total_cents(), 3240)


if __name__ == "__main__":
    unittest.main()
