//! One user operation per file, each `&state → Transaction`. Nothing here changes data.
