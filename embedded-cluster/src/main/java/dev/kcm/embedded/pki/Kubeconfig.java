package dev.kcm.embedded.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * A kubeconfig with one cluster, one user and one context, certificates embedded.
 *
 * @param server base URL of the API server
 * @param ca certificate that signed the server's certificate
 * @param user name of the user entry
 * @param context name of the context
 * @param credential client certificate and key of the user
 */
public record Kubeconfig(
    URI server, X509Certificate ca, String user, String context, Credential credential) {

  private static final String CLUSTER = "kubernetes";

  /** The file's text, laid out as {@code kubectl config} writes it. */
  public String yaml() {
    return """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: %s
            server: %s
          name: %s
        contexts:
        - context:
            cluster: %s
            user: %s
          name: %s
        current-context: %s
        kind: Config
        preferences: {}
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        """
        .formatted(
            base64(Pem.of(ca)),
            server,
            CLUSTER,
            CLUSTER,
            user,
            context,
            context,
            user,
            base64(credential.certificatePem()),
            base64(credential.keyPem()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /** Names server and user only: the text holds a key. */
  @Override
  public String toString() {
    return "Kubeconfig[" + user + " at " + server + "]";
  }
}
