package dev.kcm.daemon.options;

/**
 * How the API server is reached.
 *
 * @param kubeconfig file with address and credentials, or empty
 * @param master address that overrides the file's, or empty
 * @param contentType encoding of request bodies
 * @param qps requests per second of each client; negative means no limit
 * @param burst requests of each client at once, at least 1
 */
public record ClientConfig(
    String kubeconfig, String master, String contentType, float qps, int burst) {}
