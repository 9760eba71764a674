"""An app of the site's own: a job model, a criterion and a preference, as docs/how-to shows them."""
