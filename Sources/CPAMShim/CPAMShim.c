#include "CPAMShim.h"
