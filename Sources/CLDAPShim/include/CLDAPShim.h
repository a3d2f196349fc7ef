#pragma once
// The libldap calls that Swift cannot make: options through `void *`, and a transport of our own.
#include <ldap.h>
#include <openldap.h>
