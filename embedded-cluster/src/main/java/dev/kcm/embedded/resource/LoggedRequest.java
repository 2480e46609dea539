package dev.kcm.embedded.resource;

import java.time.Instant;

/**
 * One line of the request log.
 *
 * @param time when the answer was ready
 * @param user name of the sender
 * @param verb what was asked for
 * @param resource plural resource name, with {@code /subresource} where there is one
 * @param namespace namespace of the path, or empty
 * @param name object name of the path, or empty
 * @param code HTTP status code of the answer
 */
public record LoggedRequest(
    Instant time,
    String user,
    ApiRequest.Verb verb,
    String resource,
    String namespace,
    String name,
    int code) {}
