//! The seats command.
