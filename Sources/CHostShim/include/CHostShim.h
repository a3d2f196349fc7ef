// What of libc Swift cannot use safely or at all. No logic, no state.
#pragma once

#include <stddef.h>

/// Overwrites `length` bytes at `bytes` with zeros; the compiler may not remove the call.
/// Exists because glibc declares explicit_bzero only under feature macros that Swift's import does not set.
void chost_wipe(void *_Nonnull bytes, size_t length);

/// The text of an errno value: either a constant or `buffer`, NUL-terminated (the GNU strerror_r(3)).
/// Exists because Swift sees only the XSI form, or none, depending on feature macros.
const char *_Nullable chost_error_text(int code, char *_Nonnull buffer, size_t capacity);
