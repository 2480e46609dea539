package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import dev.kcm.daemon.flags.IpLiteral;
import java.net.InetAddress;
import java.util.List;

/**
 * HTTPS serving.
 *
 * <p><i>Immutable.</i>
 */
final class ServingOptions implements OptionGroup<ServingConfig> {

  private static final int DEFAULT_STREAMS = 100;
  private static final String DEFAULT_TLS = "VersionTLS12";
  private static final List<String> TLS_VERSIONS =
      List.of("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13");

  private static final Flag<InetAddress> BIND =
      Flag.of(
          "bind-address",
          FlagTypes.IP,
          IpLiteral.parse("0.0.0.0").orElseThrow(),
          "Address to listen on. An unspecified address (0.0.0.0 or ::) means all interfaces and"
              + " both families.");

  private static final Flag<Integer> PORT =
      Flag.of(
          "secure-port",
          FlagTypes.INT,
          10257,
          "Port of the HTTPS server. 0 switches it off, and health checks and metrics with it.");

  private static final Flag<String> CERT =
      Flag.string(
          "tls-cert-file",
          "",
          "File with the certificate of the server, followed by its chain. Read again when it"
              + " changes. Without it a certificate is generated.");

  private static final Flag<String> KEY =
      Flag.string("tls-private-key-file", "", "File with the key of --tls-cert-file.");

  private static final Flag<String> CERT_DIR =
      Flag.string(
          "cert-dir",
          "",
          "Directory to keep a generated certificate in. Not used with --tls-cert-file.");

  private static final Flag<List<SniCert>> SNI =
      Flag.of(
          "tls-sni-cert-key",
          FlagTypes.list(
              "namedCertKey",
              text -> List.of(SniCert.parse(text)),
              list -> "[" + String.join(";", list.stream().map(SniCert::print).toList()) + "]"),
          List.of(),
          "A further certificate as cert,key or cert,key:name,*.name for clients that ask for one of"
              + " the names. Can be repeated.");

  private static final Flag<List<String>> SUITES =
      Flag.strings(
          "tls-cipher-suites",
          "",
          "Cipher suites for TLS 1.2 and below. Empty means those of the Java runtime.\nSecure: "
              + CipherSuites.secureNames()
              + ".\nInsecure: "
              + CipherSuites.insecureNames()
              + ".");

  private static final Flag<String> MIN_TLS =
      Flag.string(
          "tls-min-version",
          "",
          "Least TLS version, one of " + String.join(", ", TLS_VERSIONS) + ". Empty means 1.2.");

  private static final Flag<Boolean> NO_HTTP2 =
      Flag.bool("disable-http2-serving", false, "Offer HTTP/1.1 only.");

  private static final Flag<Integer> STREAMS =
      Flag.of(
          "http2-max-streams-per-connection",
          FlagTypes.INT,
          0,
          "Most streams at once on an HTTP/2 connection. 0 means 100.");

  private static final Flag<Boolean> REUSE_ADDRESS =
      Flag.bool("permit-address-sharing", false, "Without effect: the address is always reused.");

  private static final Flag<Boolean> REUSE_PORT =
      Flag.bool("permit-port-sharing", false, "Without effect: ports are never shared.");

  private static final Flag<Integer> OLD_PORT =
      Flag.of("port", FlagTypes.INT, 0, "Without effect.")
          .ignoredSince(
              "1.24",
              text ->
                  text.equals("0")
                      ? "there is no plain HTTP server, it can be left out"
                      : "there is no plain HTTP server, only HTTPS on --secure-port");

  private static final Flag<InetAddress> OLD_ADDRESS =
      Flag.of("address", FlagTypes.IP, FlagTypes.IP.zero(), "Without effect.")
          .ignoredSince("1.24", "there is no plain HTTP server, HTTPS listens on --bind-address");

  private static final Flag<String> OLD_CA =
      Flag.string("tls-ca-file", "", "Without effect.")
          .ignoredSince("1.11", "client certificates are checked with --client-ca-file");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "secure serving",
            BIND,
            PORT,
            CERT,
            KEY,
            CERT_DIR,
            SNI,
            SUITES,
            MIN_TLS,
            NO_HTTP2,
            STREAMS,
            REUSE_ADDRESS,
            REUSE_PORT,
            OLD_PORT,
            OLD_ADDRESS,
            OLD_CA));
  }

  @Override
  public void check(Checks checks) {
    int port = checks.get(PORT);
    checks.problemIf(
        port < 0 || port > 65535,
        "--secure-port "
            + port
            + " must be between 0 and 65535, inclusive. 0 for turning off secure port");
    checks.problemIf(
        checks.get(STREAMS) < 0,
        "--http2-max-streams-per-connection must not be negative, but got " + checks.get(STREAMS));
    if (port != 0) {
      checkCertificates(checks);
      checkTls(checks);
    }
  }

  private static void checkCertificates(Checks checks) {
    checks.problemIf(
        checks.get(CERT).isEmpty() != checks.get(KEY).isEmpty(),
        "--tls-cert-file and --tls-private-key-file must be given together");
    checks.readableFile(CERT);
    checks.readableFile(KEY);
    for (SniCert sni : checks.get(SNI)) {
      checks.readableFile("--tls-sni-cert-key", sni.certFile());
      checks.readableFile("--tls-sni-cert-key", sni.keyFile());
    }
  }

  private static void checkTls(Checks checks) {
    String version = checks.get(MIN_TLS);
    checks.problemIf(
        !version.isEmpty() && !TLS_VERSIONS.contains(version),
        "unknown tls version "
            + GoText.quote(version)
            + " for --tls-min-version, allowed are "
            + String.join(", ", TLS_VERSIONS));
    for (String suite : checks.get(SUITES)) {
      checks.problemIf(
          !CipherSuites.isKnown(suite),
          "Cipher suite " + suite + " not supported or doesn't exist");
      checks.warningIf(
          CipherSuites.isInsecure(suite), "Use of insecure cipher '" + suite + "' detected.");
    }
  }

  @Override
  public ServingConfig read(FlagValues values) {
    return new ServingConfig(
        values.get(BIND),
        values.get(PORT),
        values.get(CERT),
        values.get(KEY),
        values.get(CERT_DIR),
        values.get(SNI),
        values.get(SUITES),
        values.get(MIN_TLS).isEmpty() ? DEFAULT_TLS : values.get(MIN_TLS),
        !values.get(NO_HTTP2),
        values.get(STREAMS) == 0 ? DEFAULT_STREAMS : values.get(STREAMS));
  }
}
