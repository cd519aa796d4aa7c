"""What templates may say beside the framework's own words."""
