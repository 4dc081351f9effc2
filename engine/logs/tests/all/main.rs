//! All tests of reading from outside, in one program: each further one would be linked and stored anew.

mod archives;
mod bytes;
mod damage;
mod made;
mod mutations;
mod overlap;
mod real_logs;
mod recovery;
