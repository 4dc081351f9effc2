//! All tests of the forge from outside, in one program: each further one would be linked and stored anew.

mod composed;
mod encoder;
mod tickets;
