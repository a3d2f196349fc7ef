#define _GNU_SOURCE
#include "CHostShim.h"

#include <string.h>

void chost_wipe(void *bytes, size_t length) { explicit_bzero(bytes, length); }

const char *chost_error_text(int code, char *buffer, size_t capacity) { return strerror_r(code, buffer, capacity); }
