"""Facts of the shop floor: output, scrap, stops."""
