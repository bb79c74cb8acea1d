// Bundled in the place of modules that are imported and never used.
