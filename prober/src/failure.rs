//! io, rustls and DNS errors -> Failure { stage, errno name, exact text }: written once.
