package dev.kcm.daemon.options;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * The TLS cipher suites the command line knows.
 *
 * <p><i>Immutable.</i>
 */
public final class CipherSuites {

  private static final Set<String> SECURE =
      Set.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Set<String> INSECURE =
      Set.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
          "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
          "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_RSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_RSA_WITH_RC4_128_SHA");

  private CipherSuites() {}

  static boolean isKnown(String name) {
    return SECURE.contains(name) || INSECURE.contains(name);
  }

  static boolean isInsecure(String name) {
    return INSECURE.contains(name);
  }

  static String secureNames() {
    return SECURE.stream().sorted().collect(Collectors.joining(", "));
  }

  static String insecureNames() {
    return INSECURE.stream().sorted().collect(Collectors.joining(", "));
  }

  /**
   * Returns the name the JDK uses: the two older names of the ChaCha20 suites lack their last word,
   * all others are the same.
   */
  public static String jdkName(String name) {
    return name.endsWith("_CHACHA20_POLY1305") ? name + "_SHA256" : name;
  }
}
