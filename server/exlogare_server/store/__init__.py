"""Where everything is kept: ``protocol`` is what the use cases see, ``opening`` makes one, ``sql`` is how."""
