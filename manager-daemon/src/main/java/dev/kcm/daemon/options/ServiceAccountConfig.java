package dev.kcm.daemon.options;

/**
 * Settings of the controllers of service accounts and of the published root certificate.
 *
 * @param concurrentTokenSyncs workers of the token controller, at least 1
 * @param privateKeyFile key that signs token Secrets, or empty to switch the token controller off
 * @param rootCaFile certificates published to pods, or empty for those of the kubeconfig
 */
public record ServiceAccountConfig(
    int concurrentTokenSyncs, String privateKeyFile, String rootCaFile) {}
