-- Apache httpd asks ent-login whether a request may pass: a hook of mod_lua, set in apache.conf, which says how.
--
-- Only if the portal says yes does it set ENT_LOGIN to "pass", without which apache.conf lets nothing through: if this file is
-- missing or breaks, the application is closed.

require "apache2"
local socket = require "socket"

-- In seconds, for each step. Answers come from memory; only somebody's first request after a while waits for the
-- directory.
local limit = 5

-- What the portal is told of the browser's own headers; nothing else gets through.
local passed = { "Cookie", "User-Agent", "Accept", "Accept-Language", "Sec-Fetch-Mode", "X-Requested-With" }
-- What the browser is told of the portal's answer.
local shown = {
    ["location"] = "Location", ["www-authenticate"] = "WWW-Authenticate", ["cache-control"] = "Cache-Control",
    ["retry-after"] = "Retry-After", ["content-security-policy"] = "Content-Security-Policy",
    ["referrer-policy"] = "Referrer-Policy", ["x-content-type-options"] = "X-Content-Type-Options",
    ["x-frame-options"] = "X-Frame-Options",
}
-- What the application is told of it.
local identity = {
    ["remote-user"] = "Remote-User", ["remote-groups"] = "Remote-Groups", ["remote-name"] = "Remote-Name",
    ["remote-email"] = "Remote-Email",
}

local function question(r, authz)
    local lines = {
        "GET /api/authz/forward-auth HTTP/1.1",
        "Host: " .. authz,
        "Connection: close",
        "X-Forwarded-Method: " .. r.method,
        "X-Forwarded-Proto: " .. (r.is_https and "https" or "http"),
        -- The name by which httpd has chosen the virtual host; the header Host need not be.
        "X-Forwarded-Host: " .. (r.hostname or ""),
        "X-Forwarded-Uri: " .. r.unparsed_uri,
        "X-Forwarded-For: " .. r.useragent_ip,
    }
    for _, name in ipairs(passed) do
        local value = r.headers_in[name]
        if value then table.insert(lines, name .. ": " .. value) end
    end
    return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

-- Asks the portal; nil if there is no whole answer in time.
local function ask(text, authz)
    local address, port = authz:match("^(.*):(%d+)$")
    local connection = socket.tcp()
    connection:settimeout(1, "t")
    if not connection:connect(address, tonumber(port)) then
        connection:close()
        return nil
    end
    connection:settimeout(limit, "t")
    local answer
    if connection:send(text) then answer = connection:receive("*a") end
    connection:close()
    local head, body = (answer or ""):match("^(.-\r\n)\r\n(.*)$")
    local status = head and tonumber(head:match("^HTTP/1%.%d (%d%d%d)"))
    if not status then return nil end
    local headers = {}
    for name, value in head:gmatch("\r\n([^:\r\n]+):[ \t]*([^\r\n]*)") do
        headers[name:lower()] = value
    end
    return status, headers, body
end

-- Takes away whatever an application might take for the word of the portal or of this server. What Connection names
-- would be taken away on the way to the application, the portal's headers too: only its own words stay.
local function forget_strangers_headers(r)
    for name in pairs(r:headers_in_table()) do
        local plain = name:lower()
        if plain:find("[^%w-]") or plain:find("^remote%-") or plain:find("^x%-forwarded%-") or plain:find("^x%-original%-") then
            r.headers_in[name] = nil
        end
    end
    local words = {}
    for word in (r.headers_in["Connection"] or ""):lower():gmatch("[%w-]+") do
        if word == "close" or word == "keep-alive" or word == "upgrade" then table.insert(words, word) end
    end
    r.headers_in["Connection"] = #words > 0 and table.concat(words, ", ") or nil
end

function check(r)
    local authz = r.subprocess_env["ENT_LOGIN_AUTHZ"]
    r.subprocess_env["ENT_LOGIN"] = "unknown"
    local status, headers, body = ask(question(r, authz), authz)
    if status == 200 then
        forget_strangers_headers(r)
        for name, spelling in pairs(identity) do
            if (headers[name] or "") ~= "" then r.headers_in[spelling] = headers[name] end
        end
        r.subprocess_env["ENT_LOGIN"] = "pass"
        return apache2.OK
    end
    if not status or status < 300 or status > 599 then
        r:err("ent-login gives no answer at " .. authz)
        r.err_headers_out["Retry-After"] = "5"
        return 503
    end
    for name, spelling in pairs(shown) do
        if headers[name] then r.err_headers_out[spelling] = headers[name] end
    end
    if (headers["content-type"] or ""):match("^text/html") and headers["content-length"] then
        r:custom_response(status, body)
    end
    return status
end
