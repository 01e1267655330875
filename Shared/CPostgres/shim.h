#ifndef CPOSTGRES_SHIM_H
#define CPOSTGRES_SHIM_H

#include <libpq-fe.h>

// The field codes are character constants, which Swift does not import.
static const int cpostgres_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int cpostgres_diag_message = PG_DIAG_MESSAGE_PRIMARY;
static const int cpostgres_diag_constraint = PG_DIAG_CONSTRAINT_NAME;
static const int cpostgres_diag_routine = PG_DIAG_SOURCE_FUNCTION;

#endif
