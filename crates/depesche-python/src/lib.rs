//! The Python extension module `_depesche`.
