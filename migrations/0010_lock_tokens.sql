-- A lock that is held over several transactions has another token for every holder. Who writes under it reads its token FOR SHARE in the
-- same transaction: a holder that has lost the lock without knowing finds another, and who takes the lock waits for those that did not.
CREATE TABLE lock_token (
    name integer PRIMARY KEY,
    token bigint NOT NULL
);
