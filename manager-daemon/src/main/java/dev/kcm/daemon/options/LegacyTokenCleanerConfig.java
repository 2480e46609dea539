package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that removes unused token Secrets.
 *
 * @param cleanUpPeriod time without use before a Secret is marked, and again before it is removed
 */
public record LegacyTokenCleanerConfig(Duration cleanUpPeriod) {}
