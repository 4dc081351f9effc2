//! All tests of the rules from outside, in one program: each further one would be linked and stored anew.

mod groups;
mod ladder;
mod pack;
mod sights;
mod sigma_peer;
mod stock;
