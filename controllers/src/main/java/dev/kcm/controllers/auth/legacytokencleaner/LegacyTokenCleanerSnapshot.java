package dev.kcm.controllers.auth.legacytokencleaner;

import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.List;

/**
 * All inputs of one pass, but for the date since which uses are noted: the plan asks for it.
 *
 * @param tokens the Secrets that were made automatically and that no pod refers to
 * @param period how long a token is not used before it is marked, and marked before it is deleted
 */
record LegacyTokenCleanerSnapshot(List<Secret> tokens, Duration period) {

  LegacyTokenCleanerSnapshot {
    tokens = List.copyOf(tokens);
  }
}
