//! What `cargo xtask lint` says of each case of the corpus.
