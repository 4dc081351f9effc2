//! All tests of reports, in one program: each further one would be linked and stored anew.

mod fixture;
mod html;
mod json;
mod markdown;
mod text;
mod timeline;
