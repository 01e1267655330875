#ifndef AUTOMATA_CGIT2_SHIM_H
#define AUTOMATA_CGIT2_SHIM_H

#include <git2.h>
#include <limits.h>
#include <zlib.h>

// git_libgit2_opts is variadic, which Swift cannot import: one function per option in use.

/// No configuration outside the repository is read.
static inline int automata_git_clear_search_path(int level) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
}

/// Whether a repository that another user owns is refused.
static inline int automata_git_set_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

/// The most bytes that the cache of parsed objects holds, over all repositories.
static inline int automata_git_set_cache_max_size(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

/// Inflates one stream at the start of `from` into `to`, which has room for one byte more than the stream is to hold.
/// Returns how many bytes of `from` it takes; 0 if it is not whole or does not hold exactly `size` bytes.
static inline size_t automata_inflate(const unsigned char *from, size_t length, unsigned char *to, size_t size) {
    z_stream stream = {0};
    if (length > UINT_MAX || size >= UINT_MAX || inflateInit(&stream) != Z_OK) return 0;
    stream.next_in = (unsigned char *)from;
    stream.avail_in = (unsigned)length;
    stream.next_out = to;
    stream.avail_out = (unsigned)size + 1;
    int status = inflate(&stream, Z_FINISH);
    size_t taken = status == Z_STREAM_END && stream.total_out == size ? stream.total_in : 0;
    inflateEnd(&stream);
    return taken;
}

#endif
