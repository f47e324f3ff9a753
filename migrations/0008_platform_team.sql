-- The platform team is who is an admin, and nobody else: membership follows the role.
INSERT INTO team (name, title, created_ns) VALUES ('platform', 'Platform', 0) ON CONFLICT DO NOTHING;

DELETE FROM membership WHERE team = 'platform' AND person IN (SELECT id FROM person WHERE role <> 3);

INSERT INTO membership (team, person, from_oidc) SELECT 'platform', id, false FROM person WHERE role = 3 ON CONFLICT DO NOTHING;

CREATE FUNCTION platform_team() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role = 3 THEN
        INSERT INTO membership (team, person, from_oidc) VALUES ('platform', NEW.id, false) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM membership WHERE team = 'platform' AND person = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER person_platform AFTER INSERT OR UPDATE OF role ON person FOR EACH ROW EXECUTE FUNCTION platform_team();
