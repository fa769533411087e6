//! Pure codecs; parsing never panics.
