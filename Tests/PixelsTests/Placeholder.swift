// Filled by its first tests.
