"""What search engines read: structured data and the sitemap."""
