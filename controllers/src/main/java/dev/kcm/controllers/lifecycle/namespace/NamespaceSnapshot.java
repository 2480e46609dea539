package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.core.object.ObjectKey;

/**
 * All inputs of one decision; everything else is asked of the server by the plan.
 *
 * @param key the namespace
 */
record NamespaceSnapshot(ObjectKey key) {}
