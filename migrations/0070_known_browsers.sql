-- Browsers in which somebody has signed in by their password: their own wrong passwords are counted by themselves, so that nobody else's keep
-- them out. A browser is known by the SHA-256 of 256 random bits, which it keeps as a cookie.
CREATE TABLE known_browser (
    secret_hash bytea NOT NULL,
    person bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    -- When somebody last signed in there.
    used_ns bigint NOT NULL,
    PRIMARY KEY (secret_hash, person)
);
CREATE INDEX known_browser_person ON known_browser (person);
