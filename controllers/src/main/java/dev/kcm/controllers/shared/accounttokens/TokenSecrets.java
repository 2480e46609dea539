package dev.kcm.controllers.shared.accounttokens;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import java.util.Map;

/**
 * The Secrets that hold tokens of ServiceAccounts.
 *
 * <p>Immutable.
 */
public final class TokenSecrets {

  /** Their type. */
  public static final String TYPE = "kubernetes.io/service-account-token";

  /** Annotation with the name of the account. */
  public static final String ACCOUNT_NAME = "kubernetes.io/service-account.name";

  /** Annotation with the UID of the account. */
  public static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";

  private static final String INDEX = "token secrets by account";

  private TokenSecrets() {}

  /** Whether a Secret is one. */
  public static boolean isOne(Secret secret) {
    return TYPE.equals(secret.getType());
  }

  /** Name of the account; empty when there is none. */
  public static String accountName(Secret secret) {
    return annotation(secret, ACCOUNT_NAME);
  }

  /** UID of the account; empty when any of the name will do. */
  public static String accountUid(Secret secret) {
    return annotation(secret, ACCOUNT_UID);
  }

  /** Whether a Secret names this account: by name, and by UID if it has one. */
  public static boolean belongs(Secret secret, String accountName, String accountUid) {
    String uid = accountUid(secret);
    return isOne(secret)
        && accountName(secret).equals(accountName)
        && (uid.isEmpty() || uid.equals(accountUid));
  }

  /** Whether an account is the one of a UID; any is when the UID is empty. */
  public static boolean isAccount(ServiceAccount account, String uid) {
    return uid.isEmpty() || uid.equals(account.getMetadata().getUid());
  }

  /** The Secrets of an account's name, from an index. */
  public static Lookup in(Informer<Secret> secrets) {
    secrets.ensureIndex(
        INDEX,
        secret ->
            isOne(secret) && !accountName(secret).isEmpty()
                ? List.of(ObjectKey.of(secret).namespace() + "/" + accountName(secret))
                : List.of());
    Lister<Secret> lister = secrets.lister();
    return (namespace, name) -> lister.byIndex(INDEX, namespace + "/" + name);
  }

  /** Finds the Secrets that name an account. */
  @FunctionalInterface
  public interface Lookup {

    /** Those of an account's name, whatever its UID. */
    List<Secret> of(String namespace, String accountName);
  }

  private static String annotation(Secret secret, String name) {
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(name, "");
  }
}
