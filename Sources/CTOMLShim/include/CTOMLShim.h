// toml++ of the host behind a C header. Swift cannot call it otherwise: it is templates and
// exceptions.
//
// The whole document is parsed in one call and handed over as an array, so no C++ type and no
// exception crosses this header. Text carries its length everywhere, because TOML strings may hold
// NUL. Nothing here is global: documents may be used from any thread, one thread at a time.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What an item is.
typedef enum ctoml_kind {
    CTOML_TABLE = 0,
    CTOML_ARRAY = 1,
    CTOML_STRING = 2,
    CTOML_INTEGER = 3,
    CTOML_FLOAT = 4,
    CTOML_BOOLEAN = 5,
    /// A date, a time or both; `text` has it as TOML writes it.
    CTOML_DATE_TIME = 6,
} ctoml_kind;

/// A place in the text. Both numbers count from 1, columns in code points; 0 means toml++ does not
/// know.
typedef struct ctoml_position {
    uint32_t line;
    uint32_t column;
} ctoml_position;

/// One value. Items lie in pre-order: a table or array is followed by its children, each with its
/// own children.
typedef struct ctoml_item {
    ctoml_kind kind;
    /// Direct children of a table or array.
    size_t child_count;
    /// The key of a table's child, not NUL-terminated; NULL for the root and for children of
    /// arrays.
    const char *_Nullable key;
    size_t key_length;
    ctoml_position key_begin;
    ctoml_position key_end;
    ctoml_position begin;
    ctoml_position end;
    /// CTOML_STRING and CTOML_DATE_TIME: UTF-8, not NUL-terminated.
    const char *_Nullable text;
    size_t text_length;
    /// CTOML_INTEGER.
    int64_t integer;
    /// CTOML_FLOAT.
    double real;
    /// CTOML_BOOLEAN.
    bool boolean;
} ctoml_item;

/// A parsed document or the reason why there is none.
typedef struct ctoml_document ctoml_document;

/// Parses `length` bytes of UTF-8.
///
/// The caller owns the result and gives it back to ctoml_free. `max_depth` bounds how deep tables
/// and arrays nest in the result. The caller bounds the parts of a dotted key: toml++ does not, and
/// walks its tree by recursion. Returns NULL only when memory ran out.
ctoml_document *_Nullable ctoml_parse(const char *_Nonnull bytes, size_t length, size_t max_depth);

/// Frees a document and everything that was read from it. NULL is allowed.
void ctoml_free(ctoml_document *_Nullable document);

/// The reason why the text is not TOML, or NULL if it is. Not NUL-terminated; lives as long as the
/// document.
const char *_Nullable ctoml_error(const ctoml_document *_Nonnull document, size_t *_Nonnull length,
                                  ctoml_position *_Nonnull position);

/// The items, the root table first. NULL if there is an error. Lives as long as the document.
const ctoml_item *_Nullable ctoml_items(const ctoml_document *_Nonnull document, size_t *_Nonnull count);

#ifdef __cplusplus
}
#endif
