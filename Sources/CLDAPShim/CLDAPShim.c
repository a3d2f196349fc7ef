#include "CLDAPShim.h"
