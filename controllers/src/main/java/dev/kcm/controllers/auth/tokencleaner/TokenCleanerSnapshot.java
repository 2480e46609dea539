package dev.kcm.controllers.auth.tokencleaner;

import io.fabric8.kubernetes.api.model.Secret;

/**
 * All inputs of one decision.
 *
 * @param token the token
 */
record TokenCleanerSnapshot(Secret token) {}
