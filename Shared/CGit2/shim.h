#ifndef AUTOMATA_CGIT2_SHIM_H
#define AUTOMATA_CGIT2_SHIM_H

#include <git2.h>

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

#endif
