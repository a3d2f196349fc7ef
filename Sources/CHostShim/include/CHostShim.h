// What of libc Swift cannot use safely or at all. No logic, no state.
#pragma once

#include <stddef.h>

/// Overwrites `length` bytes at `bytes` with zeros; the compiler may not remove the call.
/// Exists because glibc declares explicit_bzero only under feature macros that Swift's import does not set.
void chost_wipe(void *_Nonnull bytes, size_t length);
