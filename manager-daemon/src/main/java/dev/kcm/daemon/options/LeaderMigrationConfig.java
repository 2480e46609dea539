package dev.kcm.daemon.options;

/**
 * The second lease for controllers that move to another program.
 *
 * @param enabled whether there is one
 * @param file its configuration, or empty for the built-in one
 */
public record LeaderMigrationConfig(boolean enabled, String file) {}
