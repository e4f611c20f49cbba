"""Lists of product-safety cautions as publishers put them on the web: fetched, and read into our shape."""
