package dev.kcm.controllers.auth.serviceaccounttoken;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.controllers.shared.pki.PkiException;
import dev.kcm.controllers.shared.pki.SigningKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The token of an account in a Secret: a JSON Web Token without an end.
 *
 * <p>Immutable.
 */
final class AccountToken {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String CLAIM = "kubernetes.io/serviceaccount/";

  private AccountToken() {}

  /** A token. */
  static String of(ServiceAccount account, Secret secret, SigningKey signer) throws PkiException {
    String namespace = account.getMetadata().getNamespace();
    String name = account.getMetadata().getName();
    Map<String, String> claims = new TreeMap<>();
    claims.put("iss", "kubernetes/serviceaccount");
    claims.put("sub", "system:serviceaccount:" + namespace + ":" + name);
    claims.put(CLAIM + "namespace", namespace);
    claims.put(CLAIM + "secret.name", secret.getMetadata().getName());
    claims.put(CLAIM + "service-account.name", name);
    claims.put(CLAIM + "service-account.uid", account.getMetadata().getUid());
    Map<String, String> header =
        new TreeMap<>(Map.of("alg", signer.algorithm(), "kid", signer.id()));
    String content = part(header) + "." + part(claims);
    byte[] signature = signer.sign(content.getBytes(StandardCharsets.US_ASCII));
    return content + "." + BASE64.encodeToString(signature);
  }

  private static String part(Map<String, String> fields) {
    try {
      return BASE64.encodeToString(JSON.writeValueAsBytes(fields));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts cannot be written", e);
    }
  }
}
