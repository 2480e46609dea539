package dev.kcm.embedded.pki;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The certificates of one cluster: its authority, the serving certificate of the API server, and
 * client certificates.
 *
 * <p>{@link #inMemory} makes P-256 keys and writes nothing. {@link #in} makes RSA keys and keeps
 * them in a directory: {@code ca}, {@code apiserver}, {@code admin}, {@code
 * kube-controller-manager} and {@code front-proxy-ca}, each as {@code .pem} and {@code -key.pem},
 * and the token signing key as {@code sa.key} and {@code sa.pub}. Key files are readable by their
 * owner only. Files of an earlier start are used again unless they expire within 30 days, do not
 * belong together, or were signed by another authority.
 *
 * <p>Immutable.
 */
public final class Pki {

  /** The group whose members may do everything. */
  public static final String ADMIN_GROUP = "system:masters";

  /** User and group of the controller manager. */
  public static final String CONTROLLER_MANAGER = "system:kube-controller-manager";

  private static final String FRONT_PROXY_CA = "kubernetes-front-proxy-ca";
  private static final List<String> CONTROLLER_MANAGER_NAMES = List.of("127.0.0.1", "localhost");

  private final Clock clock;
  private final KeyType keyType;
  private final CertificateAuthority authority;
  private final Credential apiServer;
  private final Credential admin;
  private final Credential controllerManager;
  private final Credential frontProxyCa;
  private final KeyPair serviceAccountKeys;

  private Pki(Clock clock, KeyType keyType, CertificateAuthority authority, Parts parts) {
    this.clock = clock;
    this.keyType = keyType;
    this.authority = authority;
    apiServer = parts.apiServer();
    admin = parts.admin();
    controllerManager = parts.controllerManager();
    frontProxyCa = parts.frontProxyCa();
    serviceAccountKeys = parts.serviceAccountKeys();
  }

  /** What the authority signed, and what goes with it. */
  private record Parts(
      Credential apiServer,
      Credential admin,
      Credential controllerManager,
      Credential frontProxyCa,
      KeyPair serviceAccountKeys) {}

  /**
   * Certificates that live as long as this object.
   *
   * @param clock system clock, for validity periods
   * @param serverNames DNS names and IP addresses under which clients reach the API server
   */
  public static Pki inMemory(Clock clock, List<String> serverNames) {
    KeyType type = KeyType.EC_P256;
    Instant now = clock.instant();
    CertificateAuthority authority = CertificateAuthority.create("kubernetes", type, now);
    return new Pki(
        clock,
        type,
        authority,
        new Parts(
            authority.issue(apiServerSpec(serverNames), type, now),
            authority.issue(adminSpec(), type, now),
            authority.issue(controllerManagerSpec(), type, now),
            CertificateAuthority.create(FRONT_PROXY_CA, type, now).credential(),
            type.generate()));
  }

  /**
   * Certificates kept in a directory, made when missing.
   *
   * @param directory made with its parents when missing
   * @param clock system clock, for validity periods
   * @param serverNames DNS names and IP addresses under which clients reach the API server
   * @throws PkiException when a file cannot be read or written
   */
  public static Pki in(Path directory, Clock clock, List<String> serverNames) {
    PkiDirectory files = PkiDirectory.open(directory);
    StoredPki stored = new StoredPki(files, KeyType.RSA_2048, clock.instant());
    CertificateAuthority authority = stored.authority("ca", "kubernetes");
    return new Pki(
        clock,
        KeyType.RSA_2048,
        authority,
        new Parts(
            stored.leaf("apiserver", authority, apiServerSpec(serverNames)),
            stored.leaf("admin", authority, adminSpec()),
            stored.leaf("kube-controller-manager", authority, controllerManagerSpec()),
            stored.authority("front-proxy-ca", FRONT_PROXY_CA).credential(),
            stored.serviceAccountKey()));
  }

  private static CertificateSpec apiServerSpec(List<String> names) {
    return CertificateSpec.server("kube-apiserver", names);
  }

  private static CertificateSpec adminSpec() {
    return CertificateSpec.client("admin", List.of(ADMIN_GROUP));
  }

  private static CertificateSpec controllerManagerSpec() {
    return CertificateSpec.client(CONTROLLER_MANAGER, List.of(CONTROLLER_MANAGER))
        .andServer(CONTROLLER_MANAGER_NAMES);
  }

  /** The authority that signs server and client certificates. */
  public Credential ca() {
    return authority.credential();
  }

  /** The authority of front proxies, which name users in headers. */
  public Credential frontProxyCa() {
    return frontProxyCa;
  }

  /** The key pair that signs and checks service account tokens. */
  public KeyPair serviceAccountKeys() {
    return serviceAccountKeys;
  }

  /** The serving certificate of the API server. */
  Credential apiServer() {
    return apiServer;
  }

  /** The administrator, in group {@code system:masters}. */
  public Credential admin() {
    return admin;
  }

  /** The controller manager; its certificate serves as client and as server certificate. */
  public Credential controllerManager() {
    return controllerManager;
  }

  /**
   * A new client certificate, valid for a year.
   *
   * @param user user name, not empty
   * @param groups group names
   */
  public Credential client(String user, List<String> groups) {
    return authority.issue(CertificateSpec.client(user, groups), keyType, clock.instant());
  }

  /** Kubeconfig of the administrator. */
  public Kubeconfig adminKubeconfig(URI server) {
    return new Kubeconfig(server, ca().certificate(), "admin", "kubernetes", admin);
  }

  /** Kubeconfig of the controller manager. */
  public Kubeconfig controllerManagerKubeconfig(URI server) {
    return new Kubeconfig(
        server, ca().certificate(), CONTROLLER_MANAGER, CONTROLLER_MANAGER, controllerManager);
  }

  /**
   * Writes {@code admin.kubeconfig} and {@code kube-controller-manager.kubeconfig}, readable by
   * their owner only.
   *
   * @throws PkiException when a file cannot be written
   */
  public void writeKubeconfigs(Path directory, URI server) {
    PkiDirectory files = PkiDirectory.open(directory);
    files.writePrivate("admin.kubeconfig", adminKubeconfig(server).yaml());
    files.writePrivate(
        "kube-controller-manager.kubeconfig", controllerManagerKubeconfig(server).yaml());
  }

  /**
   * TLS for the API server: presents the serving certificate, and asks for a client certificate
   * without judging it. {@link ClientCertificates} tells per request whom it identifies.
   */
  public SSLContext serverContext() {
    return TlsContexts.server(apiServer, ca().certificate());
  }

  /** TLS for a client that trusts the API server and presents a certificate. */
  public SSLContext clientContext(Credential credential) {
    return TlsContexts.client(Optional.of(credential), ca().certificate());
  }

  /** TLS for a client that trusts the API server and presents nothing. */
  public SSLContext anonymousContext() {
    return TlsContexts.client(Optional.empty(), ca().certificate());
  }
}
