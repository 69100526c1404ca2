"""Keep the accounts that people hold, wherever they hold them."""
