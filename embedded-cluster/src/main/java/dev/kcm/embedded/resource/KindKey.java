package dev.kcm.embedded.resource;

/**
 * The text by which rules name a kind: apiVersion and kind, for example {@code apps/v1/Deployment}.
 *
 * <p>Stateless.
 */
final class KindKey {

  static final String POD = "v1/Pod";
  static final String NAMESPACE = "v1/Namespace";
  static final String NODE = "v1/Node";
  static final String SERVICE = "v1/Service";

  private KindKey() {}

  static String of(Kind kind) {
    return kind.apiVersion() + "/" + kind.kind();
  }

  static boolean isPod(Kind kind) {
    return of(kind).equals(POD);
  }

  static boolean isNamespace(Kind kind) {
    return of(kind).equals(NAMESPACE);
  }

  /** Whether the server was built with the kind; others are custom resources. */
  static boolean isBuiltIn(Kind kind) {
    return FieldTypes.builtIn().structOf(kind.apiVersion(), kind.kind()) != null;
  }
}
