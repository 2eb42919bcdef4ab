"""A shopping cart that adds up in cents."""

from dataclasses import dataclass, field


@dataclass
class Item:
    name: str
    price_cents: int
    pieces: int = 1
    discount_percent: int = 0

    def total_cents(self) -> int:
        """What this item costs: all its pieces, the discount taken off."""
        discount_cents = self.price_cents * self.discount_percent // 100
        return self.price_cents * self.pieces - discount_cents


@dataclass
class Cart:
    items: list[Item] = field(default_factory=list)

    def add(self, item: Item) -> None:
        self.items.append(item)

    def total_cents(self) -> int:
        return sum(item.total_cents() for item in self.items)
