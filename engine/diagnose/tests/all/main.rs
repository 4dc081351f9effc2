//! All tests of the diagnosis from outside, in one program: each further one would be linked and stored anew.

mod bench;
mod changed_world;
mod constants;
mod ladder;
mod property;
mod real_logs;
mod recovered;
mod relation;
mod world;
