/**
 * What the API server knows about kinds, and what it does with a request: names, scope, verbs,
 * subresources, defaulting, admission, validation, deletion, list and watch.
 *
 * <p>Start from {@link dev.kcm.embedded.resource.ApiServer} and {@link
 * dev.kcm.embedded.resource.KindTable}. No HTTP here: a request is an {@link
 * dev.kcm.embedded.resource.ApiRequest}, whoever sends it.
 */
@NullMarked
package dev.kcm.embedded.resource;

import org.jspecify.annotations.NullMarked;
