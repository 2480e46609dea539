/**
 * How the API server describes itself and its objects to clients: discovery documents, OpenAPI
 * documents, the Table form that kubectl prints, and the metadata-only form.
 *
 * <p>Start from {@link dev.kcm.embedded.discovery.Discovery} and {@link
 * dev.kcm.embedded.discovery.Tables}. Everything here is a pure function of the kinds served and
 * the objects given; no HTTP, no storage.
 */
@NullMarked
package dev.kcm.embedded.discovery;

import org.jspecify.annotations.NullMarked;
