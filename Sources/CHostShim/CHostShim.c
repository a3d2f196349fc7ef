#define _GNU_SOURCE
#include "CHostShim.h"

#include <string.h>

void chost_wipe(void *bytes, size_t length) { explicit_bzero(bytes, length); }
